package dev.onbehalf.server.config;

import dev.onbehalf.oauth1.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One application behind the gateway.
 *
 * @param name the administrator's name for it: letters, digits and dashes
 * @param publicUrl the URL under which people and peers know it; the one that is signed
 * @param alternateUrls further URLs a request may be signed for
 * @param upstream where it really runs: an http or https URL with an optional base path
 * @param adapter how the upstream learns who the person is
 * @param signIn whether browsers sign in at the gateway
 * @param userHeader header that carries the user name
 * @param groupsHeader header that carries the groups; null sends none
 * @param groupsDelimiter what separates groups in that header
 * @param secretHeader header that carries {@code secret}; null sends none
 * @param secret what only gateway and upstream know; null sends none
 * @param connectTimeout time to connect to the upstream
 * @param responseTimeout time without a byte from the upstream before 504
 * @param mailHeader header that carries the mail address; null sends none
 * @param displayNameHeader header that carries the display name; null sends none
 */
public record ApplicationConfig(
    String name,
    PublicUrl publicUrl,
    List<PublicUrl> alternateUrls,
    URI upstream,
    Adapter adapter,
    SignIn signIn,
    String userHeader,
    @Nullable String groupsHeader,
    String groupsDelimiter,
    @Nullable String secretHeader,
    @Nullable Secret secret,
    Duration connectTimeout,
    Duration responseTimeout,
    @Nullable String mailHeader,
    @Nullable String displayNameHeader) {

  /** How the upstream learns who the person is. */
  public enum Adapter {
    /** User and groups in headers of every request. */
    HEADER,
    /** As {@link #HEADER}, with the person's own crumb on state-changing signed requests. */
    JENKINS,
    /** The header once, then a cookie session per person (Buildbot). */
    SESSION,
    /** No identity is passed on. */
    NONE
  }

  /** Whether browsers sign in at the gateway. */
  public enum SignIn {
    /** Unsigned requests pass as they came. */
    OFF,
    /** A person who signed in reaches the upstream as themself, others as they came. */
    OPTIONAL,
    /** Browsers without a session are sent to the sign-in page. */
    REQUIRED
  }

  public ApplicationConfig {
    alternateUrls = List.copyOf(alternateUrls);
  }

  /** An application that is told neither mail address nor display name. */
  public ApplicationConfig(
      String name,
      PublicUrl publicUrl,
      List<PublicUrl> alternateUrls,
      URI upstream,
      Adapter adapter,
      SignIn signIn,
      String userHeader,
      @Nullable String groupsHeader,
      String groupsDelimiter,
      @Nullable String secretHeader,
      @Nullable Secret secret,
      Duration connectTimeout,
      Duration responseTimeout) {
    this(
        name,
        publicUrl,
        alternateUrls,
        upstream,
        adapter,
        signIn,
        userHeader,
        groupsHeader,
        groupsDelimiter,
        secretHeader,
        secret,
        connectTimeout,
        responseTimeout,
        null,
        null);
  }

  /** Whether the upstream speaks TLS. */
  public boolean upstreamSecure() {
    return upstream.getScheme().equalsIgnoreCase("https");
  }

  /** Returns the upstream's port, the default of its scheme where the URL has none. */
  public int upstreamPort() {
    return upstream.getPort() > 0 ? upstream.getPort() : upstreamSecure() ? 443 : 80;
  }

  /** Returns the names of all headers that only the gateway may set. */
  public List<String> identityHeaders() {
    return Stream.of(userHeader, groupsHeader, secretHeader, mailHeader, displayNameHeader)
        .filter(Objects::nonNull)
        .toList();
  }
}
