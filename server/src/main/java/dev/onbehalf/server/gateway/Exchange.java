package dev.onbehalf.server.gateway;

import dev.onbehalf.server.gateway.upstream.UpstreamException;
import dev.onbehalf.server.gateway.upstream.UpstreamListener;
import dev.onbehalf.server.gateway.upstream.UpstreamRequest;
import dev.onbehalf.server.gateway.upstream.UpstreamResponse;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request passed to its upstream and its answer passed back. */
final class Exchange implements UpstreamListener {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final Arrived arrived;
  private final ResponseHeaders responseHeaders;

  Exchange(Arrived arrived, ResponseHeaders responseHeaders) {
    this.arrived = arrived;
    this.responseHeaders = responseHeaders;
  }

  void send(HttpFields headers) {
    Request request = arrived.request();
    boolean body = hasBody(request);
    request.addIdleTimeoutListener(timeout -> false);
    var call =
        arrived
            .application()
            .client()
            .send(
                new UpstreamRequest(
                    request.getMethod(),
                    target(),
                    headers,
                    body ? request : null,
                    request.getLength(),
                    null,
                    !body && isSafe(request.getMethod())),
                this);
    request.addFailureListener(call::abort);
  }

  private String target() {
    String path = arrived.request().getHttpURI().getPath();
    String context = arrived.site().url().contextPath();
    String base = arrived.application().basePath();
    if (!context.equals(base)) {
      path = base + arrived.path();
    }
    String query = arrived.rawQuery();
    return query == null ? path : path + "?" + query;
  }

  static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  private static boolean hasBody(Request request) {
    return request.getLength() > 0
        || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        || request.getHeaders().contains(HttpHeader.CONTENT_LENGTH)
        || (request.getConnectionMetaData().getHttpVersion().getVersion() >= 20
            && request.getLength() != 0);
  }

  @Override
  public void onResponse(UpstreamResponse answer) {
    arrived.response().setStatus(answer.status());
    responseHeaders.copy(answer.headers(), arrived.response().getHeaders(), arrived.site(), true);
    Content.copy(answer, arrived.response(), arrived.callback());
  }

  @Override
  public void onFailure(UpstreamException failure) {
    if (failure.reason() == UpstreamException.Reason.CLIENT) {
      arrived.callback().failed(failure);
      return;
    }
    LOG.warn(
        "{} {} at {} failed, request {}: {} ({})",
        arrived.method(),
        arrived.path(),
        arrived.application().name(),
        arrived.id(),
        failure.getMessage(),
        String.valueOf(failure.getCause()));
    switch (failure.reason()) {
      case SLOW ->
          arrived.refuse(
              504, arrived.application().name() + " did not answer in time; try again later.");
      case BUSY ->
          arrived.refuse(
              503, arrived.application().name() + " has too many requests; try again in a moment.");
      case UNSENDABLE ->
          arrived.refuse(400, "The request holds a character that HTTP does not allow there.");
      case UNREACHABLE ->
          arrived.refuse(
              502, arrived.application().name() + " cannot be reached; try again later.");
      default ->
          arrived.refuse(
              502, arrived.application().name() + " gave no complete answer; try again later.");
    }
  }
}
