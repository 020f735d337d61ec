/** What a git clone tells about the commits of a run. */
@NullMarked
package dev.onbehalf.delivery.git;

import org.jspecify.annotations.NullMarked;
