/** Who people are: the directory, sign-in and sessions. */
@NullMarked
package dev.onbehalf.server.people;

import org.jspecify.annotations.NullMarked;
