/**
 * Links to other applications: this server as the consumer that acts there as a person ({@code
 * docs/peer-facts.md} 1.10 to 1.13). {@link dev.onbehalf.server.link.Links} is the door.
 */
@NullMarked
package dev.onbehalf.server.link;

import org.jspecify.annotations.NullMarked;
