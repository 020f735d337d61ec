package dev.onbehalf.cli.jira;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses the proxy as {@code --proxy}, {@code HTTPS_PROXY} and {@code NO_PROXY} say. */
final class EnvironmentProxy extends ProxySelector {
  private final Proxy proxy;
  private final List<String> direct;

  private EnvironmentProxy(Proxy proxy, List<String> direct) {
    this.proxy = proxy;
    this.direct = direct;
  }

  /** Returns the proxy to use; empty for none. */
  static Optional<ProxySelector> of(@Nullable String option, Map<String, String> environment) {
    String address = option == null ? variable(environment, "HTTPS_PROXY") : option;
    if (address.isBlank()) {
      return Optional.empty();
    }
    URI uri = URI.create(address.contains("://") ? address : "http://" + address);
    if (uri.getHost() == null || !"http".equals(uri.getScheme())) {
      throw new IllegalArgumentException(
          "The proxy must be given as http://host:port, without more.");
    }
    Proxy proxy =
        new Proxy(
            Proxy.Type.HTTP,
            InetSocketAddress.createUnresolved(
                uri.getHost(), uri.getPort() < 0 ? 3128 : uri.getPort()));
    return Optional.of(
        new EnvironmentProxy(
            proxy, List.of(variable(environment, "NO_PROXY").split("\\s*,\\s*", -1))));
  }

  private static String variable(Map<String, String> environment, String name) {
    return environment
        .getOrDefault(name, environment.getOrDefault(name.toLowerCase(Locale.ROOT), ""))
        .strip();
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    boolean without =
        direct.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .map(name -> name.startsWith(".") ? name.substring(1) : name)
            .anyMatch(
                name ->
                    !name.isEmpty()
                        && (name.equals("*") || host.equals(name) || host.endsWith("." + name)));
    return List.of(without ? Proxy.NO_PROXY : proxy);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException cause) {}
}
