"""Jupyter's own suite for kernels (jupyter_kernel_test) on CourseKit's. The pager and clear_output have no counterpart in C# and are skipped."""
import unittest

import jupyter_kernel_test


class CourseKitKernel(jupyter_kernel_test.KernelTests):
    kernel_name = ".net-csharp"
    language_name = "C#"
    file_extension = ".cs"

    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("error");'
    code_generate_error = 'throw new InvalidOperationException("no");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": 'HTML("<b>bold</b>")', "result": "<b>bold</b>", "mime": "text/html"},
        {"code": "2 * 50", "result": "100"},
    ]
    code_display_data = [
        {"code": "display(1);", "mime": "text/plain"},
        {"code": '"<svg/>".DisplayAs("image/svg+xml");', "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "Console.WriteL", "matches": {"WriteLine"}},
        {"text": "Enumer", "matches": {"Enumerable"}},
    ]
    complete_code_samples = ["1 + 1", "int Twice(int x)\n{\n    return 2 * x;\n}", "var x = 3;"]
    incomplete_code_samples = ["int Twice(int x)\n{", "foreach (var x in xs)", "1 +", "var s = \"\"\"\n  text"]
    invalid_code_samples = ["int x = ;", ")"]
    code_inspect_sample = "Math.Sqrt"
    code_history_pattern = "6?*7"
    supported_history_operations = ("tail", "range", "search")


if __name__ == "__main__":
    unittest.main(verbosity=2)
