package dev.onbehalf.applinks;

/** Makes requests to one linked application, authenticated in one way. */
public interface ApplicationLinkRequestFactory extends AuthorisationURIGenerator {

  /**
   * Makes a request.
   *
   * @param url a path below the link's RPC URL, with or without a slash in front and with its
   *     query; or an absolute URL below it
   * @throws CredentialsRequiredException if the acting person has not authorised the link yet
   * @throws IllegalArgumentException if the URL is malformed or leads out of the link
   * @throws IllegalStateException if the way of authentication needs a person and nobody acts
   */
  ApplicationLinkRequest createRequest(Request.MethodType method, String url)
      throws CredentialsRequiredException;
}
