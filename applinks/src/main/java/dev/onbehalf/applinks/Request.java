package dev.onbehalf.applinks;

/** Holds the methods of requests. */
public final class Request {

  /** An HTTP method. */
  public enum MethodType {
    GET,
    POST,
    PUT,
    DELETE,
    HEAD,
    OPTIONS,
    TRACE
  }

  private Request() {}
}
