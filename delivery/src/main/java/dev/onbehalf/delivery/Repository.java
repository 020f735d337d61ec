package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import tools.jackson.databind.node.ObjectNode;

/**
 * Development information: a repository with the commits, branches and pull requests to report, at
 * most 400 of each; {@code spec/jira-cicd.md} section 2.11.
 */
public final class Repository extends Report {
  private Repository(ObjectNode draft) {
    super(DataType.DEVELOPMENT_INFORMATION, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fields of a {@link Repository}. */
  public static final class Builder {
    private final ObjectNode json = object();

    private Builder() {}

    /** Required, at most 1024 ASCII letters, digits and {@code ~.-_}. */
    @CanIgnoreReturnValue
    public Builder id(String id) {
      json.put("id", id);
      return this;
    }

    /** Required, at most 255 characters. */
    @CanIgnoreReturnValue
    public Builder name(String name) {
      json.put("name", name);
      return this;
    }

    /** At most 1024 characters. */
    @CanIgnoreReturnValue
    public Builder description(String text) {
      json.put("description", text);
      return this;
    }

    /** Required, an absolute http(s) URL of at most 2000 characters. */
    @CanIgnoreReturnValue
    public Builder url(String url) {
      json.put("url", url);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder commit(Commit commit) {
      json.withArray("commits").add(commit.toJson());
      return this;
    }

    @CanIgnoreReturnValue
    public Builder branch(Branch branch) {
      json.withArray("branches").add(branch.toJson());
      return this;
    }

    @CanIgnoreReturnValue
    public Builder pullRequest(PullRequest pullRequest) {
      json.withArray("pullRequests").add(pullRequest.toJson());
      return this;
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public Repository build() {
      return new Repository(json);
    }
  }
}
