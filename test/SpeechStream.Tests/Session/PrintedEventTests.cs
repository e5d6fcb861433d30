namespace SpeechStream.Tests.Session;

/// <summary>Events are printed as they are, as in the sample of the page about the Python SDK: each is a line that a person can read.</summary>
public sealed class PrintedEventTests
{
    private const string Message = "The connection to the service was lost.";

    [Fact]
    public void A_reconnect_is_printed_with_the_message_of_its_cause_and_without_a_trace()
    {
        var printed = new Reconnecting { TaskId = "task", Attempt = 2, Delay = TimeSpan.FromSeconds(1), Cause = Thrown() }.ToString();

        printed.Should().Be($"Reconnecting {{ TaskId = task, Attempt = 2, Delay = 00:00:01, Cause = SpeechConnectionException: {Message} }}");
    }

    [Fact]
    public void A_summary_is_printed_with_its_tasks_and_the_message_of_its_error()
    {
        var printed = new SessionSummary { TaskIds = ["first", "second"], Error = Thrown() }.ToString();

        printed.Should().EndWith($"TaskIds = [first, second], Error = SpeechConnectionException: {Message} }}");
        typeof(SessionSummary).GetProperties().Should().OnlyContain(property => printed.Contains($" {property.Name} = ", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_printed_for_an_exception_that_is_not_there()
    {
        new SessionSummary().ToString().Should().EndWith("TaskIds = [], Error =  }");
        new Reconnecting().ToString().Should().EndWith("Cause =  }");
    }

    private static SpeechConnectionException Thrown()
    {
        try
        {
            throw new SpeechConnectionException(Message, new IOException("The inner one has a trace, too."));
        }
        catch (SpeechConnectionException thrown)
        {
            return thrown;
        }
    }
}
