namespace SpeechStream.Transport;

/// <summary>Reads the beginning of the body of a refusal, for the error message. If that fails, the status alone still makes the error.</summary>
internal static class RefusalBody
{
    private const int LongestBody = 4096;

    // The body normally comes together with the status. Without this limit, a peer that never ends its body would use up the time limit of the attempt.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>Returns what was received of the body, and whether there may be more of it.</summary>
    public static async Task<(byte[] Body, bool IsCut)> ReadAsync(HttpContent content, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var (bytes, count) = (new byte[LongestBody], 0);
        try
        {
            using var stream = await content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            while (count < bytes.Length)
            {
                var read = await stream.ReadAsync(bytes.AsMemory(count), either.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    return (bytes[..count], false);
                }

                count += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The body broke off, or didn't end in time: return what was received.
            cancellationToken.ThrowIfCancellationRequested();
        }

        return (bytes[..count], true);
    }
}
