package dev.onbehalf.server.web;

/** What one page shows; {@link #template} names the template that shows it. */
public interface Page {

  /** Name of the template, without folder and ending. */
  String template();

  /** Title of the page, plain text. */
  String title();
}
