using SpeechStream.Cli.Inputs;

namespace SpeechStream.Cli.Live;

/// <summary>Where live audio comes from.</summary>
internal abstract class LiveSource : IAsyncDisposable
{
    /// <summary>What records, and where.</summary>
    public abstract string Name { get; }

    /// <summary>What is made of it, once it has begun; null for what is sent as it is.</summary>
    public virtual string? Conversion => null;

    /// <summary>Why the audio ended by itself too early; null when it didn't.</summary>
    public virtual string? Failure => null;

    /// <summary>16-bit mono samples, until their end or Ctrl+C.</summary>
    /// <exception cref="ArgumentException">It isn't audio that can be transcribed.</exception>
    public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync();

    public abstract ValueTask DisposeAsync();

    /// <param name="settings">The command line.</param>
    /// <param name="surroundings">Have standard input, and say where programs are.</param>
    /// <param name="interrupted">Ends the audio.</param>
    /// <exception cref="IOException">There is no microphone, or nothing that can record it.</exception>
    public static LiveSource Open(LiveSettings settings, Surroundings surroundings, CancellationToken interrupted) =>
        settings.ReadsInput ? new PipeSource(settings, surroundings, interrupted)
        : OperatingSystem.IsWindows() ? WindowsMicrophone.Open(settings.Device, settings.SampleRate, interrupted)
        : RecorderProgram.Start(settings.Device, settings.SampleRate, surroundings, interrupted);

    private sealed class PipeSource(LiveSettings settings, Surroundings surroundings, CancellationToken interrupted) : LiveSource
    {
        private AudioFile? _input;

        public override string Name => "standard input";

        public override string? Conversion => _input?.Conversion;

        public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync()
        {
            try
            {
                _input = await AudioFile.OpenAsync("-", settings.Audio, settings.IsRaw, surroundings.OpenInput, interrupted).ConfigureAwait(false);
            }
            catch (ArgumentException) when (interrupted.IsCancellationRequested)
            {
                // Its beginning hadn't come yet.
                yield break;
            }

            await foreach (var piece in _input.ReadAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false))
            {
                yield return piece;
            }
        }

        public override ValueTask DisposeAsync() => _input?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
