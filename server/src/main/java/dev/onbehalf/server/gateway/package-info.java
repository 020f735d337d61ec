/** The data plane: the reverse proxy in front of the applications. */
@NullMarked
package dev.onbehalf.server.gateway;

import org.jspecify.annotations.NullMarked;
