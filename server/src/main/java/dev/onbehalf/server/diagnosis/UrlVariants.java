package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.PublicUrl;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The URLs a peer may have signed by mistake, each with the sentence that says so. */
final class UrlVariants {
  private static final int MOST = 4000;

  private final List<ApplicationConfig> applications;

  UrlVariants(List<ApplicationConfig> applications) {
    this.applications = List.copyOf(applications);
  }

  /** Returns variants of {@code url}, the likelier ones first. */
  Map<String, Explanation.Finding> of(String url) {
    Map<String, Explanation.Finding> variants = new LinkedHashMap<>();
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      return variants;
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    List<Path> paths = paths(path);
    for (Path changed : paths) {
      for (String authority : authorities(uri)) {
        for (String scheme : List.of(uri.getScheme(), other(uri.getScheme()))) {
          String variant = scheme + "://" + authority + changed.path();
          if (!variant.equals(url) && variants.size() < MOST) {
            variants.putIfAbsent(variant, finding(url, uri, scheme, authority, changed, variant));
          }
        }
      }
    }
    return variants;
  }

  private record Path(String path, String how) {}

  private static Explanation.Finding finding(
      String url, URI uri, String scheme, String authority, Path changed, String variant) {
    List<String> differences = new ArrayList<>();
    if (!scheme.equals(uri.getScheme())) {
      differences.add("the scheme");
    }
    if (!authority.equals(uri.getRawAuthority())) {
      differences.add("the host or port");
    }
    if (!changed.how().isEmpty()) {
      differences.add("the path (" + changed.how() + ")");
    }
    String base = scheme + "://" + authority;
    String remedy =
        changed.how().isEmpty()
            ? "Let the peer's link use "
                + uri.getScheme()
                + "://"
                + uri.getRawAuthority()
                + ", or list "
                + base
                + " among the application's alternate-urls."
            : "Let the proxy in front forward the path as it comes, and compare the context path of"
                + " public-url with the one in the peer's link.";
    return new Explanation.Finding(
        "The peer signed "
            + variant
            + ", expected was "
            + url
            + ": they differ in "
            + String.join(" and ", differences)
            + ".",
        remedy);
  }

  private Set<String> authorities(URI uri) {
    Set<String> authorities = new LinkedHashSet<>();
    authorities.add(uri.getRawAuthority());
    authorities.add(uri.getHost());
    authorities.add(uri.getHost() + ":443");
    authorities.add(uri.getHost() + ":80");
    authorities.add(uri.getHost() + ":8443");
    authorities.add(uri.getHost() + ":8080");
    for (ApplicationConfig application : applications) {
      authorities.add(application.publicUrl().authority());
      for (PublicUrl alternate : application.alternateUrls()) {
        authorities.add(alternate.authority());
      }
      authorities.add(application.upstream().getRawAuthority());
    }
    authorities.add("localhost:8080");
    return authorities;
  }

  private List<Path> paths(String path) {
    List<Path> paths = new ArrayList<>();
    paths.add(new Path(path, ""));
    add(paths, decoded(path), "decoded on the way");
    add(paths, path.replaceAll("/{2,}", "/"), "double slashes merged");
    add(
        paths,
        path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/",
        "a slash at the end");
    add(
        paths,
        URI.create("http://h" + safe(path)).normalize().getRawPath(),
        "dot segments removed");
    Set<String> contexts = new LinkedHashSet<>();
    for (ApplicationConfig application : applications) {
      contexts.add(application.publicUrl().contextPath());
      String upstream = application.upstream().getRawPath();
      contexts.add(upstream == null || upstream.equals("/") ? "" : upstream);
    }
    for (String context : contexts) {
      if (!context.isEmpty() && path.startsWith(context + "/")) {
        add(paths, path.substring(context.length()), "without the context path " + context);
      }
      if (!context.isEmpty() && !path.startsWith(context + "/")) {
        add(paths, context + path, "with the context path " + context);
      }
    }
    return paths;
  }

  private static void add(List<Path> paths, String path, String how) {
    if (paths.stream().noneMatch(known -> known.path().equals(path))) {
      paths.add(new Path(path, how));
    }
  }

  /** Percent-decodes once and encodes what a URL cannot hold, as proxies do. */
  private static String decoded(String path) {
    try {
      String plain = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
      String url = URI.create("http://h" + plain.replace(" ", "%20")).toASCIIString();
      return url.substring("http://h".length());
    } catch (IllegalArgumentException e) {
      return path;
    }
  }

  private static String safe(String path) {
    try {
      return new URI("http://h" + path).getRawPath();
    } catch (java.net.URISyntaxException e) {
      return "/";
    }
  }

  private static String other(String scheme) {
    return scheme.equals("https") ? "http" : "https";
  }
}
