package dev.onbehalf.server.web;

/** Answers requests to one of our own paths; may block. */
@FunctionalInterface
public interface WebHandler {
  WebResponse handle(WebRequest request);
}
