package dev.onbehalf.server.gateway;

import dev.onbehalf.server.web.RequestIds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A request as it arrived, with what the gateway found out about it before any decision. */
final class Arrived {
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Site site;
  private final String rawPath;
  private final String path;
  private final @Nullable String rawQuery;
  private final InetAddress client;
  private @Nullable String id;

  /**
   * Notes down a request.
   *
   * @param rawPath raw path, context path included
   * @param client the client's address, through trusted proxies
   */
  Arrived(
      Request request,
      Response response,
      Callback callback,
      Site site,
      String rawPath,
      InetAddress client) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.site = site;
    this.rawPath = rawPath;
    this.path = site.inside(rawPath);
    this.rawQuery = request.getHttpURI().getQuery();
    this.client = client;
  }

  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  Callback callback() {
    return callback;
  }

  Site site() {
    return site;
  }

  Application application() {
    return site.application();
  }

  RequestMeters meters() {
    return site.application().meters();
  }

  String method() {
    return request.getMethod();
  }

  String rawPath() {
    return rawPath;
  }

  /** Returns the raw path after the context path, starting with a slash. */
  String path() {
    return path;
  }

  @Nullable String rawQuery() {
    return rawQuery;
  }

  InetAddress client() {
    return client;
  }

  String clientAddress() {
    return client.getHostAddress();
  }

  /** Returns the request id, made when first asked for: most requests never need one. */
  synchronized String id() {
    String known = id;
    if (known == null) {
      known = RequestIds.next();
      id = known;
    }
    return known;
  }

  /** Answers with one sentence. */
  void refuse(int status, String sentence) {
    Answers.sentence(response, callback, status, sentence, id());
  }

  /** Returns the address at the other end of the connection; loopback where it has none. */
  static InetAddress peer(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
                instanceof InetSocketAddress address
            && address.getAddress() != null
        ? address.getAddress()
        : InetAddress.getLoopbackAddress();
  }
}
