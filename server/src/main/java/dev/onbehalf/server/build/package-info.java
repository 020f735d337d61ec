/**
 * Who a running build is and who started it: the CI's own token, checked, and the causes the CI
 * server names. {@link dev.onbehalf.server.build.BuildIdentity} is the door.
 */
@NullMarked
package dev.onbehalf.server.build;

import org.jspecify.annotations.NullMarked;
