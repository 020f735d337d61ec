/** The real programs Onbehalf is tested against, each started and stopped by the test it serves. */
@NullMarked
package dev.onbehalf.acceptance.peers;

import org.jspecify.annotations.NullMarked;
