/** What survives {@code kill -9}, restarts and a second node. */
@NullMarked
package dev.onbehalf.acceptance.durability;

import org.jspecify.annotations.NullMarked;
