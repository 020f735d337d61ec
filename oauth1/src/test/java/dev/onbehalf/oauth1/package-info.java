@NullMarked
package dev.onbehalf.oauth1;

import org.jspecify.annotations.NullMarked;
