package dev.onbehalf.server.link;

import dev.onbehalf.applinks.ApplicationId;
import dev.onbehalf.applinks.ApplicationLinkDetails;
import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A link to another application ({@code docs/peer-facts.md} 1.11). Immutable; made by a {@link
 * LinkBuilder}.
 *
 * @param id by which peers and addresses name it
 * @param name by which people name it; unique but for case
 * @param type what the peer is
 * @param rpcUrl the peer's base URL as this server reaches it and as the peer verifies signatures
 * @param displayUrl the peer's base URL for browsers
 * @param consumerKey by which the peer knows this server
 * @param signatureMethod how requests are signed: by this server's key pair, or by {@code secret}
 * @param secret shared with the peer; null where the method is RSA
 * @param levels which ways to authenticate are on
 * @param endpoints where the peer's OAuth endpoints are; null for those of Atlassian products
 * @param callbackConfirmed whether the peer must send {@code oauth_callback_confirmed}
 * @param privateAddresses whether it may lead to the private networks of the configuration
 * @param browserSessions whether a person's browser session alone may act through it
 * @param peerConsumerKey by which the peer calls this server; null where that is not known
 * @param revision counts its changes
 * @param created when it was added
 * @param changed when it was last changed
 */
public record Link(
    UUID id,
    String name,
    ApplicationType type,
    URI rpcUrl,
    URI displayUrl,
    String consumerKey,
    SignatureMethod signatureMethod,
    @Nullable Secret secret,
    Levels levels,
    @Nullable Endpoints endpoints,
    boolean callbackConfirmed,
    boolean privateAddresses,
    boolean browserSessions,
    @Nullable String peerConsumerKey,
    long revision,
    Instant created,
    Instant changed) {

  /**
   * Ways to authenticate a request.
   *
   * @param threeLegged by the token a person granted
   * @param twoLegged as the user set at the peer
   * @param impersonation as a person the request names
   */
  public record Levels(boolean threeLegged, boolean twoLegged, boolean impersonation) {

    /** Each person's own token and nothing else. */
    public static final Levels DEFAULT = new Levels(true, false, false);

    List<Class<? extends AuthenticationProvider>> providers() {
      List<Class<? extends AuthenticationProvider>> providers = new ArrayList<>();
      if (threeLegged) {
        providers.add(OAuthAuthenticationProvider.class);
      }
      if (impersonation) {
        providers.add(TwoLeggedOAuthWithImpersonationAuthenticationProvider.class);
      }
      if (twoLegged) {
        providers.add(TwoLeggedOAuthAuthenticationProvider.class);
      }
      return providers;
    }
  }

  /**
   * The addresses of a generic provider, absolute or on the link's host by a leading slash.
   *
   * @param requestToken where request tokens are made
   * @param authorize where people decide
   * @param accessToken where request tokens are exchanged
   */
  public record Endpoints(String requestToken, String authorize, String accessToken) {}

  /** Returns the identifier as the library of links has it. */
  public ApplicationId applicationId() {
    return new ApplicationId(id.toString());
  }

  /**
   * Has the library of links look at the addresses.
   *
   * @throws IllegalArgumentException with one sentence, if one is not valid
   */
  void validate() {
    Signer any = Signer.hmac(SignatureMethod.HMAC_SHA1, consumerKey, Secret.of("none"));
    Objects.requireNonNull(details(any));
  }

  /**
   * Returns this link for the library of links.
   *
   * @throws IllegalArgumentException with one sentence, if an address is not valid
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  ApplicationLinkDetails details(Signer signer) {
    ApplicationLinkDetails.Builder details =
        ApplicationLinkDetails.builder(applicationId(), name, type, rpcUrl, signer)
            .displayUrl(displayUrl)
            .authentication(levels.providers().toArray(new Class[0]));
    if (endpoints != null) {
      details.endpoints(endpoints.requestToken(), endpoints.authorize(), endpoints.accessToken());
    }
    return (callbackConfirmed ? details : details.callbackConfirmationOptional()).build();
  }
}
