using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace SpeechStream.Captions;

/// <summary>Makes captions of a transcription.</summary>
public static class CaptionExtensions
{
    /// <summary>Turns the events of one session into cues, in the order of their times. No two final cues overlap.</summary>
    /// <remarks>
    /// <para>Each sentence becomes one or more final cues. Together they have its whole text, but for white space where it is broken. A cue never starts before its
    /// words. With <see cref="TranscriptionOptions.EnableWords"/> the times of the words decide; otherwise the time of the sentence is spread over its text.</para>
    /// <para>When the events end with an exception, the last cue comes before it.</para>
    /// </remarks>
    /// <param name="events">The events, as <see cref="SpeechStreamClient.TranscribeAsync(Stream, TranscriptionOptions?, CancellationToken)"/> gives them.</param>
    /// <param name="options">How the captions look; null for the defaults. They are copied.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The cues. They can be enumerated as often as the events.</returns>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public static IAsyncEnumerable<Cue> ToCaptionsAsync(
        this IAsyncEnumerable<TranscriptionEvent> events, CaptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return MakeAsync(events, (options ?? new()).CopyValidated(), cancellationToken);
    }

    private static async IAsyncEnumerable<Cue> MakeAsync(
        IAsyncEnumerable<TranscriptionEvent> events, CaptionOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var maker = new CueMaker(options);
        var enumerator = events.GetAsyncEnumerator(cancellationToken);
        await using (enumerator.ConfigureAwait(false))
        {
            ExceptionDispatchInfo? failure = null;
            while (failure is null)
            {
                try
                {
                    if (!await enumerator.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                    break;
                }

                foreach (var cue in maker.Take(enumerator.Current))
                {
                    yield return cue;
                }
            }

            foreach (var cue in maker.Complete())
            {
                yield return cue;
            }

            failure?.Throw();
        }
    }
}
