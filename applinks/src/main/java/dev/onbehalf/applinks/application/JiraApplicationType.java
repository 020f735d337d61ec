package dev.onbehalf.applinks.application;

/** The type {@code jira}. */
public record JiraApplicationType() implements ApplicationType {

  @Override
  public String typeId() {
    return "jira";
  }
}
