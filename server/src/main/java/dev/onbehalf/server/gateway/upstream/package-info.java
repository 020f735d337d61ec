/** HTTP/1.1 to the applications: bytes forwarded as they are given, streaming, upgrades. */
@NullMarked
package dev.onbehalf.server.gateway.upstream;

import org.jspecify.annotations.NullMarked;
