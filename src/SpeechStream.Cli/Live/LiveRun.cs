using System.Runtime.InteropServices;
using SpeechStream.Captions;
using SpeechStream.Cli.Output;
using SpeechStream.Cli.Transcription;

namespace SpeechStream.Cli.Live;

/// <summary>One execution of <c>speechstream live</c>.</summary>
internal sealed class LiveRun(LiveSettings settings, Surroundings surroundings)
{
    // After Ctrl+C, for the last finals. The process is ended 2 s later, whatever it does.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(8);

    private readonly Screen _screen = new(surroundings);
    private bool _isWhole = true;
    private volatile bool _isImpatient;

    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        using var givingUp = new CancellationTokenSource();
        PosixSignalRegistration? again = null;
        using var farewell = interrupted.Register(() =>
        {
            givingUp.CancelAfter(Farewell);
            again = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                (signal.Cancel, _isImpatient) = (true, true);
                givingUp.Cancel();
            });
        });
        try
        {
            var service = await ServiceClient.OpenAsync(settings.Client, _screen, surroundings, interrupted).ConfigureAwait(false);
            await using (service.ConfigureAwait(false))
            {
                return await TranscribeAsync(service, interrupted, givingUp.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            _screen.Report(_isImpatient
                ? "interrupted twice; what isn't printed above is given up"
                : $"interrupted; the service didn't send the rest within {Farewell.TotalSeconds} s, and it is given up");
            return ExitCode.Interrupted;
        }
        finally
        {
            again?.Dispose();
        }
    }

    private async Task<int> TranscribeAsync(ServiceClient service, CancellationToken interrupted, CancellationToken givenUp)
    {
        var source = LiveSource.Open(settings, surroundings, interrupted);
        await using (source.ConfigureAwait(false))
        {
            using var captions = settings.Captions is { } path ? new CaptionFile(path, _screen) : null;
            _screen.Note($"listening to {source.Name}; Ctrl+C ends it");
            var audio = source.ReadAsync().GetAsyncEnumerator(CancellationToken.None);
            if (await audio.MoveNextAsync().ConfigureAwait(false))
            {
                await TranscribeAsync(service, source, audio, captions, interrupted, givenUp).ConfigureAwait(false);
            }
            else if (source.Failure is null && !interrupted.IsCancellationRequested)
            {
                _isWhole = false;
                _screen.Report($"No audio came from {source.Name}.");
            }

            if (source.Failure is { } failure)
            {
                _screen.Report(failure);
            }

            return _isWhole && source.Failure is null ? ExitCode.Done : ExitCode.Failed;
        }
    }

    private async Task TranscribeAsync(ServiceClient service, LiveSource source, IAsyncEnumerator<ReadOnlyMemory<byte>> audio, CaptionFile? captions, CancellationToken interrupted, CancellationToken givenUp)
    {
        var peer = settings.Client.IsLocal ? "local" : SpeechEndpoints.NameOf(service.Client.Endpoint) ?? service.Client.Endpoint.Authority;
        if (source.Conversion is { } conversion)
        {
            _screen.Note($"{source.Name}: {conversion}");
        }

        using var view = new LiveView(_screen, surroundings, $"{peer} · {source.Name}");
        using var ending = interrupted.Register(view.End);
        var options = new TranscriptionOptions
        {
            SampleRate = settings.SampleRate,
            Model = settings.Model,
            Encoder = settings.Client.Encoder,
            EnableIntermediateResult = surroundings.TerminalWidth() is not null || surroundings.ErrorWidth() is not null,
            EnablePunctuationPrediction = true,
            EnableInverseTextNormalization = true,
            EnableWords = captions is not null,
        };
        var events = Show(service.Client.TranscribeAsync(RestOf(audio), options, givenUp), view, service);
        await foreach (var cue in events.ToCaptionsAsync(new CaptionOptions { Live = true }, CancellationToken.None).ConfigureAwait(false))
        {
            await (captions?.WriteAsync(cue) ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    /// <summary>The current piece, and those behind it. Disposes of them, which nobody else may: a session that fails may leave a read behind that is still waiting.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> RestOf(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces)
    {
        await using (pieces.ConfigureAwait(false))
        {
            do
            {
                yield return pieces.Current;
            }
            while (await pieces.MoveNextAsync().ConfigureAwait(false));
        }
    }

    private async IAsyncEnumerable<TranscriptionEvent> Show(IAsyncEnumerable<TranscriptionEvent> events, LiveView view, ServiceClient service)
    {
        await foreach (var happened in events.ConfigureAwait(false))
        {
            service.Begin();
            view.Take(happened);
            _isWhole &= happened is not AudioGap;
            if (happened is AudioGap)
            {
                _screen.Report(SessionRun.Warning(happened)!);
            }
            else if (SessionRun.Warning(happened) is { } warning && !(view.IsShown && happened is Reconnecting { Attempt: > 1 }))
            {
                // The state shows further attempts.
                _screen.Note(warning);
            }

            yield return happened;
        }
    }
}
