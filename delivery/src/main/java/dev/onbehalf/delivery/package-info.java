@NullMarked
package dev.onbehalf.delivery;

import org.jspecify.annotations.NullMarked;
