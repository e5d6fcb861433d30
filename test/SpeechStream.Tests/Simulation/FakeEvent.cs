namespace SpeechStream.Tests.Simulation;

/// <summary>An event that the service is to send.</summary>
internal sealed record FakeEvent(string Name, string Payload)
{
    /// <summary>So much later it comes than other events.</summary>
    public TimeSpan Late { get; init; }

    /// <summary>Called when the client reads it.</summary>
    public Action Read { get; init; } = () => { };
}
