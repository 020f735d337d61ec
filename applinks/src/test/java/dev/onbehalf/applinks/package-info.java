@NullMarked
package dev.onbehalf.applinks;

import org.jspecify.annotations.NullMarked;
