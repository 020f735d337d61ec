package dev.onbehalf.server.gateway;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.gateway.upstream.UpstreamClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/** One application behind the gateway while it runs. */
final class Application {
  private final ApplicationConfig config;
  private final UpstreamClient client;
  private final UpstreamAdapter adapter;
  private final RequestMeters meters;
  private final IdentityFields identity;
  private final List<PublicUrl> urls;
  private final String basePath;
  private final @Nullable HttpField secret;

  Application(ApplicationConfig config, UpstreamClient client, MeterRegistry registry) {
    this.config = config;
    this.meters = new RequestMeters(registry, config.name());
    this.client = client;
    this.adapter =
        switch (config.adapter()) {
          case JENKINS -> new JenkinsAdapter();
          case SESSION -> new SessionAdapter();
          case HEADER, NONE -> new HeaderAdapter();
        };
    this.identity = new IdentityFields(config);
    List<PublicUrl> all = new ArrayList<>();
    all.add(config.publicUrl());
    all.addAll(config.alternateUrls());
    urls = List.copyOf(all);
    basePath = stripTrailingSlashes(config.upstream().getRawPath());
    secret =
        config.secretHeader() == null || config.secret() == null
            ? null
            : new HttpField(config.secretHeader(), config.secret().reveal());
  }

  private static String stripTrailingSlashes(@Nullable String path) {
    String stripped = path == null ? "" : path;
    while (stripped.endsWith("/")) {
      stripped = stripped.substring(0, stripped.length() - 1);
    }
    return stripped;
  }

  ApplicationConfig config() {
    return config;
  }

  String name() {
    return config.name();
  }

  UpstreamClient client() {
    return client;
  }

  RequestMeters meters() {
    return meters;
  }

  UpstreamAdapter adapter() {
    return adapter;
  }

  IdentityFields identity() {
    return identity;
  }

  /** Returns all URLs it is known by, the configured one first. */
  List<PublicUrl> urls() {
    return urls;
  }

  /** Returns the header that proves to the upstream that the gateway asks; null for none. */
  @Nullable HttpField secret() {
    return secret;
  }

  /** Returns the raw path of the upstream's own URL: empty, or starting with a slash. */
  String basePath() {
    return basePath;
  }

  /** Returns the URLs a request to {@code path} (after the context path) may be signed for. */
  List<String> signable(String path) {
    List<String> signable = new ArrayList<>(urls.size());
    for (PublicUrl url : urls) {
      signable.add(url.with(path));
    }
    return signable;
  }
}
