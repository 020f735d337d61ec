/** What an outgoing call through a link costs, and how much of that is RSA. */
@NullMarked
package dev.onbehalf.bench.links;

import org.jspecify.annotations.NullMarked;
