using System.Text.Json.Nodes;
using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.DashScope;

/// <summary>The payload of a session's <c>run-task</c> messages (DASHSCOPE 2). Thread-safe.</summary>
/// <param name="options">The validated options. They are copied, so the objects in them may change afterwards.</param>
/// <exception cref="ArgumentException">An additional parameter can't be written as JSON.</exception>
internal sealed class DashScopeRequest(TranscriptionOptions options) : ITaskRequest
{
    /// <summary>The only value of the input: what was said before, which helps some models. It is also the only one that a running task can change.</summary>
    private const string Context = "context";

    public string Model { get; } = options.Model ?? RunTaskParameters.DefaultModel;

    /// <summary>Whether interim results are passed on. The service sends them always.</summary>
    public bool WantsInterimResults { get; } = options.EnableIntermediateResult == true;

    /// <summary>Whether words are passed on. The service sends them always.</summary>
    public bool WantsWords { get; } = options.EnableWords == true;

    public RequestParameters Parameters { get; } = new(RunTaskParameters.Of(options), options.AdditionalParameters?.Where(parameter => parameter.Key != Context));

    public RequestParameters Input { get; } = new([], options.AdditionalParameters?.Where(parameter => parameter.Key == Context));

    /// <exception cref="ArgumentException">The message changes something else than the context.</exception>
    public void Merge(ControlPayload control)
    {
        if (control.Names.FirstOrDefault(name => name != Context) is { } other)
        {
            throw new ArgumentException($"'{other}' can't change within a session of DashScope, only '{Context}' can. Make a session with other options.", nameof(control));
        }

        Input.Merge(control);
    }

    public ISpeechTask CreateTask(Redactor redactor) => new DashScopeTask(this, redactor);
}
