"""个人网厅: what the applicant sees."""
