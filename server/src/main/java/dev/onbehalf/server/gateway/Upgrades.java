package dev.onbehalf.server.gateway;

import dev.onbehalf.server.gateway.upstream.UpstreamResponse;
import dev.onbehalf.server.gateway.upstream.UpstreamTunnel;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Protocol upgrades (RFC 9110 section 7.8). An upgrade to another version of HTTP is not passed on:
 * what came after it would be requests that nobody looked at.
 */
final class Upgrades {
  /** As what a policy sees an upgrade: a tunnel is more than reading (RFC 8441 section 4). */
  static final String POLICY_METHOD = "CONNECT";

  private Upgrades() {}

  /** Returns the protocol a request asks to change to; null for none that is passed on. */
  static @Nullable String asked(Request request) {
    HttpFields headers = request.getHeaders();
    if (!headers.contains(HttpHeader.UPGRADE)
        || request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
      return null;
    }
    Set<String> listed = HeaderRules.listedInConnection(headers);
    String protocol = headers.get(HttpHeader.UPGRADE);
    if (listed == null || !listed.contains("upgrade") || protocol == null) {
      return null;
    }
    String lower = protocol.toLowerCase(Locale.ROOT);
    return lower.contains("h2c") || lower.contains("http/") || lower.contains("tls/")
        ? null
        : protocol;
  }

  /**
   * Answers 101 and passes bytes both ways from then on.
   *
   * @param guard watches over the tunnel; null for one that runs as nobody
   */
  static void tunnel(
      Arrived arrived,
      UpstreamResponse answer,
      @Nullable String protocol,
      OpenTunnels.@Nullable Guard guard) {
    UpstreamTunnel upstream = answer.takeOver();
    if (protocol == null) {
      upstream.endPoint().close();
      arrived.refuse(502, arrived.application().name() + " changed the protocol unasked.");
      return;
    }
    Request request = arrived.request();
    EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
    HttpFields.Mutable headers = arrived.response().getHeaders();
    String agreed = answer.headers().get(HttpHeader.UPGRADE);
    headers.put(HttpHeader.CONNECTION, "Upgrade");
    headers.put(HttpHeader.UPGRADE, agreed == null ? protocol : agreed);
    request.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
        TunnelConnection.between(
            client,
            upstream,
            request.getConnectionMetaData().getConnector().getExecutor(),
            request.getComponents().getByteBufferPool(),
            guard));
    arrived.callback().succeeded();
  }
}
