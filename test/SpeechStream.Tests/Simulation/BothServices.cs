using System.Text.Json;

namespace SpeechStream.Tests.Simulation;

/// <summary>
/// Tests of what holds with both services: each class of them has two derived ones, which run all its tests with one service each. The service in memory is the same;
/// <see cref="DashScopeDialect"/> translates its messages.
/// </summary>
public abstract class BothServices
{
    private static readonly AsyncLocal<SpeechService> Chosen = new();

    private protected BothServices(SpeechService service) => Chosen.Value = service;

    /// <summary>The service of the running test.</summary>
    internal static SpeechService Service => Chosen.Value;

    internal static bool IsDashScope => Service == SpeechService.DashScope;

    /// <summary>A parameter that a control message can change.</summary>
    private protected static string ControlParameter => IsDashScope ? "context" : "max_sentence_silence";

    /// <summary>Where control messages and start messages have it.</summary>
    private protected static JsonElement Controlled(JsonElement message)
    {
        var payload = message.GetProperty("payload");
        return (IsDashScope ? payload.GetProperty("input") : payload).GetProperty(ControlParameter);
    }

    internal static SpeechCredential FixedCredential(string token) => IsDashScope ? SpeechCredential.FromApiKey(token) : SpeechCredential.FromToken(token);

    private protected static SpeechCredential Credential(Func<CancellationToken, ValueTask<SpeechToken>> getToken) =>
        IsDashScope ? SpeechCredential.FromApiKey(getToken) : SpeechCredential.FromDelegate(getToken);
}
