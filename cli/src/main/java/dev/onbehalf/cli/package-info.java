/** The commands, and the executable jar that holds them. */
@NullMarked
package dev.onbehalf.cli;

import org.jspecify.annotations.NullMarked;
