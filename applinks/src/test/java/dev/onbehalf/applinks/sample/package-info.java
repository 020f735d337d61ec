/** The sample of the guide. */
@NullMarked
package dev.onbehalf.applinks.sample;

import org.jspecify.annotations.NullMarked;
