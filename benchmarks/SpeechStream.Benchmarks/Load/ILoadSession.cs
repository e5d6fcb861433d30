namespace SpeechStream.Benchmarks.Load;

/// <summary>A session of a client under load.</summary>
internal interface ILoadSession : IAsyncDisposable
{
    /// <summary>Events of the service that were read so far.</summary>
    int Events { get; }

    /// <summary>Connects, and returns when audio may be sent.</summary>
    Task StartAsync(Uri endpoint);

    /// <summary>Hands over the next frame of audio.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> frame);

    /// <summary>Ends the audio, and waits for the end of the task.</summary>
    Task StopAsync();
}
