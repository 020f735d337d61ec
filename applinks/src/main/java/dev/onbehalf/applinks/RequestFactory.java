package dev.onbehalf.applinks;

import java.net.URI;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Makes requests in one mode, for one person where the mode has one. */
final class RequestFactory implements ApplicationLinkRequestFactory {
  private final ApplicationLinkDetails link;
  private final LinkContext context;
  private final Mode mode;
  private final @Nullable String person;

  RequestFactory(
      ApplicationLinkDetails link, LinkContext context, Mode mode, @Nullable String person) {
    this.link = link;
    this.context = context;
    this.mode = mode;
    this.person = person;
  }

  @Override
  public ApplicationLinkRequest createRequest(Request.MethodType method, String url)
      throws CredentialsRequiredException {
    if (mode.asPerson()) {
      ConfiguredLink.requirePerson(link, person);
    }
    LinkRequest request = new LinkRequest(this, method, url);
    AccessTokens tokens = tokens();
    if (tokens != null && tokens.stored() == null) {
      throw credentialsRequired();
    }
    return request;
  }

  @Override
  public URI getAuthorisationURI() throws ResponseException {
    BiFunction<ApplicationId, @Nullable URI, URI> page = context.authorisationPage();
    return page == null ? dance().startOutOfBand() : page.apply(link.id(), null);
  }

  @Override
  public URI getAuthorisationURI(URI callback) throws ResponseException {
    BiFunction<ApplicationId, @Nullable URI, URI> page = context.authorisationPage();
    return page == null ? dance().start(callback) : page.apply(link.id(), callback);
  }

  private LoginDance dance() {
    return new LoginDance(link, context, ConfiguredLink.requirePerson(link, person));
  }

  CredentialsRequiredException credentialsRequired() {
    return new CredentialsRequiredException(
        this,
        "The person '"
            + person
            + "' has not authorised the link '"
            + link.name()
            + "', or must do so again. Open its authorisation address.");
  }

  ApplicationLinkDetails link() {
    return link;
  }

  LinkContext context() {
    return context;
  }

  Mode mode() {
    return mode;
  }

  @Nullable String person() {
    return person;
  }

  /** The person's tokens; null in the modes that need none. */
  @Nullable AccessTokens tokens() {
    return mode == Mode.THREE_LEGGED
        ? new AccessTokens(link, context, ConfiguredLink.requirePerson(link, person))
        : null;
  }
}
