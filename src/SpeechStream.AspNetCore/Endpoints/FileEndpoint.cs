using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SpeechStream.AspNetCore.Diagnostics;
using SpeechStream.AspNetCore.Messages;
using SpeechStream.AspNetCore.Sessions;
using SpeechStream.Media;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary><c>POST file</c>: a recording of any format, answered by events while it arrives. <c>curl -T</c> says PUT.</summary>
internal sealed class FileEndpoint(Requests requests, LiveSessions sessions, EventStream events)
{
    public async Task RunAsync(HttpContext http)
    {
        var request = await requests.SessionOfAsync(http, isFile: true, rate: null).ConfigureAwait(false);
        request = request with { Rate = request.Options.SampleRate };
        AllowLength(http);
        var source = await OpenAsync(http, request.Options.SampleRate).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var session = sessions.Start(SessionKey.New(), request, seen: 0);
            using var attachment = await session.AttachAsync(http.RequestAborted).ConfigureAwait(false);
            var feeding = FeedAsync(source, session, http.RequestAborted);
            using var over = new CancellationTokenSource();
            var draining = sessions.DrainAsync(session, over.Token);
            try
            {
                await events.SendAsync(http, session, 0, new SessionMessage(session.Id, Key: null, Received: 0, Resumed: false, Rate: null)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                // Nobody reads on.
                session.Dispose();
            }
            finally
            {
                await over.CancelAsync().ConfigureAwait(false);
                await draining.ConfigureAwait(false);
                await source.DisposeAsync().ConfigureAwait(false);
                await feeding.ConfigureAwait(false);
            }
        }
    }

    private void AllowLength(HttpContext http)
    {
        var allowed = sessions.Limits.MaxFileBytes;
        if (http.Request.ContentLength is 0 || http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            throw new RefusedException(new(StatusCodes.Status400BadRequest, "The request has no recording in it.", Retry: false));
        }

        if (http.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new RefusedException(new(StatusCodes.Status415UnsupportedMediaType, "The request is a form. Send the recording alone, as curl -T talk.wav does.", Retry: false));
        }

        if (http.Request.ContentLength > allowed)
        {
            throw new RefusedException(Refusal.TooLarge(allowed));
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // Kestrel's own limit, 30 MB, is a quarter of an hour.
            limit.MaxRequestBodySize = allowed;
        }
    }

    /// <exception cref="RefusedException">It is no recording, or none that can be read.</exception>
    private async Task<AudioSource> OpenAsync(HttpContext http, int rate)
    {
        try
        {
            var body = new TimedBody(http.Request.BodyReader, sessions.Time).AsStream(leaveOpen: true);
            return await AudioSource.OpenAsync(body, new() { SampleRate = rate }, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ArgumentException or DecoderUnavailableException or (IOException and not BadHttpRequestException))
        {
            throw new RefusedException(Refusal.Of(exception));
        }
    }

    /// <summary>Hands the recording to the session, which takes it in real time. What goes wrong ends the session, whose events tell it.</summary>
    private async Task FeedAsync(AudioSource source, LiveSession session, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var piece in source.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!await session.WriteAsync(piece, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }

            session.EndAudio();
        }
        catch (RefusedException silent)
        {
            // What was heard before is finished.
            Telemetry.Refused.Add(1, new KeyValuePair<string, object?>("status", silent.Error.Status));
            Log.Refused(sessions.Logger, silent.Error.Status, silent.Error.Message);
            session.Log.Add(silent.Error);
            session.EndAudio();
        }
        catch (Exception exception)
        {
            session.EndAudio(exception);
        }
    }
}
