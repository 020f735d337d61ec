/** What a caller may do: canonical paths and access decisions. */
@NullMarked
package dev.onbehalf.server.policy;

import org.jspecify.annotations.NullMarked;
