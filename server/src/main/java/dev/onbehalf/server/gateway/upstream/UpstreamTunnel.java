package dev.onbehalf.server.gateway.upstream;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;

/**
 * A connection that no longer speaks HTTP.
 *
 * @param endPoint the connection, without interest in reading
 * @param received bytes that came after the header of the answer
 */
public record UpstreamTunnel(EndPoint endPoint, ByteBuffer received) {}
