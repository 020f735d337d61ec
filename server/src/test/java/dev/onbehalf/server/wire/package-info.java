/** Both ends of HTTP/1.1 connections, byte by byte. */
@NullMarked
package dev.onbehalf.server.wire;

import org.jspecify.annotations.NullMarked;
