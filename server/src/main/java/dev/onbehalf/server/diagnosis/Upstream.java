package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.diagnosis.HttpProbe.Origin;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where an application really runs, asked as the gateway asks it for an anonymous visitor. */
record Upstream(ApplicationConfig application) {

  Origin origin() {
    URI uri = application.upstream();
    boolean secure = uri.getScheme().equalsIgnoreCase("https");
    int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
    return new Origin(secure, uri.getHost(), port);
  }

  /** Returns {@code path} below the upstream's own base path. */
  String target(String path) {
    String base = application.upstream().getRawPath();
    String stripped = base == null ? "" : base.replaceAll("/+$", "");
    return stripped + path;
  }

  /** Returns the header lines that tell it the public URL, and nobody's identity. */
  Map<String, String> headers() {
    PublicUrl url = application.publicUrl();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", url.authority());
    headers.put("X-Forwarded-Host", url.authority());
    headers.put("X-Forwarded-Proto", url.scheme());
    headers.put("X-Forwarded-Port", Integer.toString(url.port()));
    return headers;
  }

  @Override
  public String toString() {
    return application.upstream().toString();
  }
}
