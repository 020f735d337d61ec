/**
 * Requests that leave through a link for a caller who has shown who they are: {@code
 * /-/onbehalf/to/LINK/PATH}. {@link dev.onbehalf.server.outgoing.Outgoing} is the door.
 */
@NullMarked
package dev.onbehalf.server.outgoing;

import org.jspecify.annotations.NullMarked;
