@NullMarked
package dev.onbehalf.cli;

import org.jspecify.annotations.NullMarked;
