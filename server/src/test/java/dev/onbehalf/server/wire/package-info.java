/** Both ends of HTTP connections, byte by byte or as a client has them, and keys for their TLS. */
@NullMarked
package dev.onbehalf.server.wire;

import org.jspecify.annotations.NullMarked;
