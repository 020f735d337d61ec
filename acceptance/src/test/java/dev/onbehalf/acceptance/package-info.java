/** Black-box tests of the executable jar against real clients, servers and a real browser. */
@NullMarked
package dev.onbehalf.acceptance;

import org.jspecify.annotations.NullMarked;
