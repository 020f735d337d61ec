package dev.onbehalf.applinks;

import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A link to another application, through which requests run as the acting person. */
public interface ApplicationLink {
  ApplicationId getId();

  ApplicationType getType();

  String getName();

  /** Returns the base URL for browsers, without a slash at the end. */
  URI getDisplayUrl();

  /** Returns the base URL for programs, without a slash at the end; it is the one signed. */
  URI getRpcUrl();

  /** Returns whether this is the first choice among the links of its type. */
  boolean isPrimary();

  /**
   * Returns this link with {@code person} acting, a user name at the peer, in place of the default.
   */
  ApplicationLink actingAs(String person);

  /**
   * Lets the acting person authorise this link.
   *
   * @throws IllegalStateException if nobody acts
   */
  LoginDance loginDance();

  /**
   * Makes requests in the best configured way that runs as the acting person: by their own token,
   * else by impersonation; where neither is on, two-legged.
   */
  ApplicationLinkRequestFactory createAuthenticatedRequestFactory();

  /**
   * Makes requests in one of the ways of {@code dev.onbehalf.applinks.auth}.
   *
   * @return null where the link has it not switched on
   */
  @Nullable ApplicationLinkRequestFactory createAuthenticatedRequestFactory(
      Class<? extends AuthenticationProvider> provider);

  /** Makes requests that run as the acting person; null where no such way is on. */
  @Nullable ApplicationLinkRequestFactory createImpersonatingAuthenticatedRequestFactory();

  /** Makes two-legged requests; null where they are off. */
  @Nullable ApplicationLinkRequestFactory createNonImpersonatingAuthenticatedRequestFactory();
}
