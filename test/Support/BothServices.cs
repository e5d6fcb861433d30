namespace SpeechStream.Testing;

/// <summary>Tests of what holds with both services: each class of them has two derived ones, which run all its tests with one service each.</summary>
public abstract class BothServices
{
    private static readonly AsyncLocal<SpeechService> Chosen = new();

    private protected BothServices(SpeechService service) => Chosen.Value = service;

    /// <summary>The service of the running test.</summary>
    internal static SpeechService Service => Chosen.Value;

    internal static bool IsDashScope => Service == SpeechService.DashScope;

    internal static SpeechCredential FixedCredential(string token) => IsDashScope ? SpeechCredential.FromApiKey(token) : SpeechCredential.FromToken(token);

    internal static SpeechCredential Credential(Func<CancellationToken, ValueTask<SpeechToken>> getToken) =>
        IsDashScope ? SpeechCredential.FromApiKey(getToken) : SpeechCredential.FromDelegate(getToken);
}
