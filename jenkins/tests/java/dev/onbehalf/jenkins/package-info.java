@NullMarked
package dev.onbehalf.jenkins;

import org.jspecify.annotations.NullMarked;
