/**
 * Links to other applications: this server as the consumer that acts there as a person ({@code
 * applinks-oauth.md} sections 4 to 7). {@link dev.onbehalf.server.link.Links} is the door.
 */
@NullMarked
package dev.onbehalf.server.link;

import org.jspecify.annotations.NullMarked;
