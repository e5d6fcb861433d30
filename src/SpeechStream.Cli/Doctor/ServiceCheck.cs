using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SpeechStream.Cli.Doctor;

/// <summary>Does what every session does, with the library's client: a token, a connection, a task, audio.</summary>
/// <param name="client">The client, which doesn't repeat what fails.</param>
/// <param name="settings">The command line.</param>
/// <param name="keyName">Where the key comes from.</param>
internal sealed class ServiceCheck(SpeechStreamClient client, DoctorSettings settings, string keyName)
{
    private const int SampleBytes = 2;
    private const double Tone = 440;
    private const double Loudness = 3000;

    /// <summary>Null when there is an app key, or none is needed.</summary>
    public string? AppKeyProblem { get; init; }

    /// <summary>Options of the sessions.</summary>
    public TranscriptionOptions Options => new() { SampleRate = settings.SampleRate, Model = settings.Model };

    private string Key => client.Service == SpeechService.Nls ? "token" : "key";

    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SpeechToken? token = null;
        var findings = new List<Finding>();
        var isOpen = await TryAsync(Step.Key, findings, async () => token = await client.Context.GetTokenAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false)
            && await TryAsync(Step.Service, findings, () => client.PrewarmAsync(cancellationToken)).ConfigureAwait(false);
        if (isOpen)
        {
            findings.Add(Finding.Good(Step.Key, $"{keyName}{Expiry(token!)}"));
            findings.Add(Finding.Good(Step.Service, "takes the connection"));
        }

        foreach (var finding in findings)
        {
            yield return finding;
        }

        if (!isOpen)
        {
            yield break;
        }

        if (AppKeyProblem is not null)
        {
            yield return Finding.Bad(Step.AppKey, AppKeyProblem);
            yield break;
        }

        findings.Clear();
        TranscriptionSession? session = null;
        if (await TryAsync(Step.Service, findings, async () => session = await client.StartSessionAsync(Options, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false))
        {
            yield return Finding.Good(Step.AppKey, client.Service == SpeechService.Nls ? "a task started with it" : $"a task started with {settings.Model ?? "the default model"}");
            await using (session!.ConfigureAwait(false))
            {
                await TryAsync(Step.Audio, findings, async () => findings.Add(Finding.Good(Step.Audio, await SpeakAsync(session!, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
            }
        }

        yield return findings[0];
    }

    /// <summary>Runs something of the library; what it throws becomes a finding.</summary>
    public static async Task<bool> TryAsync(Step step, List<Finding> findings, Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (Problem.IsExpected(exception))
        {
            findings.Add(Finding.Bad(Verdict.StepOf(exception, step), Problem.Describe(exception) + Verdict.Advice(exception)));
            return false;
        }
    }

    /// <summary>What is heard in the finals, to its end.</summary>
    public static async Task<string> HearAsync(IAsyncEnumerable<TranscriptionEvent> events, CancellationToken cancellationToken)
    {
        var heard = new List<string>();
        await foreach (var happened in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (happened is SentenceEnd { Text.Length: > 0 } final)
            {
                heard.Add(final.Text);
            }
        }

        return string.Join(' ', heard);
    }

    private async Task<string> SpeakAsync(TranscriptionSession session, CancellationToken cancellationToken)
    {
        await session.Audio.WriteAsync(OneSecond(), cancellationToken).ConfigureAwait(false);
        await session.Audio.CompleteAsync().ConfigureAwait(false);
        await HearAsync(session.Events, cancellationToken).ConfigureAwait(false);
        return "1 s of a tone was sent, and the service confirmed its end";
    }

    private byte[] OneSecond()
    {
        var samples = new byte[settings.SampleRate * SampleBytes];
        for (var i = 0; i < settings.SampleRate; i++)
        {
            var sample = (short)(Loudness * Math.Sin(2 * Math.PI * Tone * i / settings.SampleRate));
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(i * SampleBytes), sample);
        }

        return samples;
    }

    private string Expiry(SpeechToken token) => token.ExpiresAt == DateTimeOffset.MaxValue ? $": the service takes the {Key}"
        : string.Create(CultureInfo.InvariantCulture, $": the service takes the {Key}, which expires on {token.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}
